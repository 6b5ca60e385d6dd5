#!/usr/bin/env bash
set -uo pipefail

usage() {
    cat <<'HELP'
Usage: ./test.sh [--fast] [--help]

Builds everything and runs all tests. The last line is "N passed, N failed"; the exit status is 0 if none failed.

  --fast   leaves out the tests marked slow

Files of other formats are run by the tools they are for (ONNX Runtime from npm, Debian's python3-onnx). Those that are missing are installed
where that is possible; else the tests that need them are skipped, and say so.

Takes the real Microsoft.ML packages where they can be had, else the stand-in in src/Microsoft.ML.StandIn.
MLNet=package or MLNet=standin in the environment forces one of them.
HELP
}

filter=()
case ${1:-} in
    '') ;;
    --fast) filter=(--filter 'Category!=Slow') ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$root/src/packages.sh"
require_dotnet
fetch_packages
fetch_tools "$root/tests/MLNetDeep.Exporting.Tests"
cd "$root"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! dotnet build MLNetDeep.sln -c Release --verbosity minimal -consoleLoggerParameters:NoSummary; then
    echo "0 passed, 1 failed"
    exit 1
fi
status=0
for project in tests/*/*.csproj; do
    dotnet test "$project" -c Release --no-build "${filter[@]}" 2>&1 | tee -a "$log" || status=1
done

# The runner's line for each project: "Passed!  - Failed:     0, Passed:   234, Skipped:     0, ..."
read -r passed failed < <(awk '
    /^(Passed|Failed)! +- Failed:/ { gsub(/,/, ""); for (i = 1; i < NF; i++) { if ($i == "Failed:") f += $(i + 1); if ($i == "Passed:") p += $(i + 1) } }
    END { print p + 0, f + 0 }' "$log")
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "A test project did not run to its end." >&2
    failed=1
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
