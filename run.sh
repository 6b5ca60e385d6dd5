#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'HELP'
Usage: ./run.sh [--help]

Builds MLNetDeep and the digits sample, trains the sample's network, evaluates it on images held out, saves the model,
then loads it in a second process and predicts.

Takes the real Microsoft.ML packages where they can be had, else the stand-in in src/Microsoft.ML.StandIn.
MLNet=package or MLNet=standin in the environment forces one of them.
HELP
}

case ${1:-} in
    '') ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$root/src/packages.sh"
require_dotnet
fetch_packages
cd "$root"

dotnet build samples/Digits/Digits.csproj -c Release --verbosity quiet -consoleLoggerParameters:NoSummary
digits=$(dotnet build samples/Digits/Digits.csproj -c Release --no-restore --verbosity quiet -getProperty:TargetPath)
model=$(mktemp -d)/digits.zip
trap 'rm -rf "$(dirname "$model")"' EXIT
dotnet "$digits" train "$model"
echo
dotnet "$digits" predict "$model"
