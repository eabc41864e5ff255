#!/bin/sh
# Fills a folder with ROBOT's jars from Maven Central: fetch.sh FOLDER, then KG_ROBOT=FOLDER pytest tests/ontology.
set -eu
folder=${1:?usage: fetch.sh FOLDER}
mkdir -p "$folder"
mvn -q -B -f "$(dirname "$0")/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$(cd "$folder" && pwd)"
