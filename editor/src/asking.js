// Asks the endpoint in place of YASQE, which would take any amount of data into the page and freeze it.

const LONGEST_ADDRESS = 8000; // characters; a longer query is sent by POST
const MOST_BYTES = 8 << 20;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";

// Why there is no answer to show.
// kind: "refused" with a problem document in `message`, "unreachable", "broken" or "large".
export class Unanswered extends Error {
  constructor(kind, message, contentType = "") {
    super(message);
    this.kind = kind;
    this.contentType = contentType;
  }
}

export function askFrom(yasqe, endpoint) {
  const query = () => {
    yasqe.abortQuery();
    return ask(yasqe, endpoint);
  };
  yasqe.query = query;
  yasqe.getWrapperElement().CodeMirror.query = query; // what the keys call
}

async function ask(yasqe, endpoint) {
  const parameters = new URLSearchParams({ query: yasqe.getValue() });
  const address = `${endpoint}?${parameters}`;
  const controller = new AbortController();
  const how = { headers: { Accept: ACCEPT }, signal: controller.signal };
  const request = address.length > LONGEST_ADDRESS
    ? new Request(endpoint, { ...how, method: "POST", body: parameters })
    : new Request(address, how);
  const began = performance.now();
  yasqe.emit("query", request, controller);
  let outcome;
  try {
    outcome = await answer(request);
  } catch (error) {
    if (controller.signal.aborted) return;
    outcome = error;
  }
  yasqe.emit("queryResponse", outcome, Math.round(performance.now() - began));
}

async function answer(request) {
  const { ok, status, statusText, type, headers, body } = await fetch(request).catch((error) => {
    throw new Unanswered("unreachable", error.message);
  });
  const content = await read(body, headers.get("Content-Type"));
  if (!ok) throw new Unanswered("refused", content);
  return { ok, status, statusText, type, headers, content: content || "\n" }; // YASR takes an empty one for none
}

async function read(body, contentType) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read().catch((error) => {
      throw new Unanswered("broken", error.message);
    });
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      reader.cancel();
      throw new Unanswered("large", "", contentType);
    }
    text += decoder.decode(value, { stream: true });
  }
}
