"""A runner of composite actions, as far as action.yml needs one: expressions, variables, files for outputs, bash."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT, clean_environment

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_TOKEN = re.compile(r"'[^']*'|&&|\|\||==|!=|!|[A-Za-z_][\w.-]*(?:\(\))?|\S")
_PYTHON = {"&&": "and", "||": "or", "!": "not", "true": "True"}


@dataclass
class Runner:
    """One run of the action in a checkout.

    workspace    the checkout
    temporary    the runner's folder; kg stands installed there
    event        what has happened, as GitHub tells it
    environment  variables beside those of the runner
    log          what the steps have printed
    used         what other actions were asked for, with what
    """

    workspace: Path
    temporary: Path
    event: dict[str, Any]
    environment: dict[str, str] = field(default_factory=dict)
    log: str = ""
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    failed: bool = False

    def run(self, **inputs: str) -> dict[str, str]:
        """Do the steps; return the outputs of the action."""
        assert inputs.keys() <= {name.replace("-", "_") for name in ACTION["inputs"]}
        given = {name: inputs.get(name.replace("-", "_"), i["default"]) for name, i in ACTION["inputs"].items()}
        for step in ACTION["runs"]["steps"]:
            if not self.failed and self._value(f"${{{{ {step['if']} }}}}" if "if" in step else "${{ true }}", given):
                self._step(step, given)
        return {name: self._text(output["value"], given) for name, output in ACTION["outputs"].items()}

    def _step(self, step: dict[str, Any], given: dict[str, str]) -> None:
        if "uses" in step:
            self.used.append((step["uses"], {k: self._text(v, given) for k, v in step.get("with", {}).items()}))
            return
        if step["name"] == "Install kg" or step.get("id") in self.steps:
            return  # it is there, or a test has said what it gives
        output, summary = self.temporary / "output", self.temporary / "summary"
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=clean_environment() | {k: v for k, v in os.environ.items() if k == "PATH"} | {
                "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temporary), "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_REPOSITORY": "some/where",
            } | self.environment | {k: self._text(v, given) for k, v in step.get("env", {}).items()},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.log += done.stdout + done.stderr
        self.failed = done.returncode != 0
        if "id" in step:
            self.steps[step["id"]] = dict(line.split("=", 1) for line in output.read_text().splitlines())

    @property
    def summary(self) -> str:
        return (self.temporary / "summary").read_text()

    def commands(self) -> list[str]:
        """The lines of the log that are commands of the workflow: what stands between stop and go is none."""
        found, until = [], ""
        for line in map(str.strip, self.log.splitlines()):
            if until:
                until = "" if line == f"::{until}::" else until
            elif line.startswith("::stop-commands::"):
                until = line.removeprefix("::stop-commands::")
            elif line.startswith("::") or "##[" in line:
                found.append(line)
        assert not until
        return found

    def _text(self, template: Any, given: dict[str, str]) -> str:
        def told(found: re.Match[str]) -> str:
            value = self._value(found[0], given)
            return {True: "true", False: "false", None: ""}.get(value, str(value))  # type: ignore[arg-type]

        return _EXPRESSION.sub(told, str(template).lower() if isinstance(template, bool) else str(template))

    def _value(self, expression: str, given: dict[str, str]) -> Any:
        (inner,) = re.fullmatch(_EXPRESSION, expression.replace("${{ ${{", "${{").replace("}} }}", "}}")).groups()  # type: ignore[union-attr]
        words = []
        for token in _TOKEN.findall(inner):
            is_name = token[0].isalpha() and token != "true"
            words.append(repr(self._lookup(token, given)) if is_name else _PYTHON.get(token, token))
        return eval(" ".join(words), {"__builtins__": {}})

    def _lookup(self, name: str, given: dict[str, str]) -> Any:
        known = {
            "inputs": given,
            "github": {"event": self.event, "token": "secret-token"},
            "steps": {key: {"outputs": value} for key, value in self.steps.items()} | {"python": {"outputs": {}}},
        }
        found: Any = known
        for part in name.split("."):
            found = (found or {}).get(part)
        return "" if found is None else found
