#!/usr/bin/env bash
# Builds JobCloud, then counts the words in the documentation of the system: one job per file, and
# a job that depends on all of them and adds up the counts. It writes only to the folder artifacts/.
set -euo pipefail
cd "$(dirname "$0")/.."

echo "building …" >&2
for program in Node/Daemon Node/Executor Tui/Headless; do
    dotnet publish "src/$program" -c Release -v quiet --nologo
done
export PATH="$PWD/artifacts/jobcloud:$PATH"
export JOBCLOUD_HOME="${JOBCLOUD_HOME:-$PWD/artifacts/wordcount}"
mkdir -p "$JOBCLOUD_HOME"

# At least 500 real files: the documentation of packages, else files of the SDK.
files="$JOBCLOUD_HOME/files.txt"
find -L /usr/share/doc /usr/share/common-licenses "$(dirname "$(readlink -f "$(command -v dotnet)")")" \
    -type f \( -name copyright -o -name '*.txt' -o -name '*.xml' -o -name '*.json' \) \
    -size -200k 2>/dev/null | sort -u | awk 'NR <= 600' > "$files"
echo "$(wc -l < "$files") files" >&2

words=$(jobcloud mapexec -l wordcount -N "file=$files" \
    "tr -cs '[:alpha:]' '\n' < {file} | tr '[:upper:]' '[:lower:]' | sort | uniq -c")
echo "map: jobs $words" >&2
total=$(jobcloud exec -l total -x "$words" -d "words=$words" \
    "jobcloud result {words} | awk '\$2 != \"\" && \$1 + 0 > 0 { n[\$2] += \$1 } END { for (w in n) print n[w], w }' | sort -k1,1nr -k2 | head -10")
echo "reduce: job $total" >&2

jobcloud join --progress "$words"
jobcloud result "$total"
jobcloud ls
jobcloud node stop
