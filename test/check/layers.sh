#!/usr/bin/env bash
# Shows every include that goes upward or sideways: a file may include its own folder and folders of a lower rank
# (src/LAYERS).
set -euo pipefail
cd "$(dirname "$0")/../../src"

find . -name '*.[ch]' | sed 's|^\./||' | sort | xargs awk '
	BEGIN {
		while ((getline line <"LAYERS") > 0)
			if (split(line, part, " ") == 2 && part[1] ~ /^[0-9]+$/)
				rank[part[2]] = part[1]
	}
	FNR == 1 {
		folder = FILENAME
		sub(/\/?[^\/]*$/, "", folder)
		if (folder != "" && !(folder in rank)) {
			printf "src/%s: folder %s has no rank in src/LAYERS\n", FILENAME, folder
			bad++
		}
	}
	/^#[ \t]*include "[a-z_]+\// {
		split($0, part, "\"")
		target = part[2]
		# PostgreSQL has folders of these names, too
		if ((getline line <target) < 0)
			next
		close(target)
		sub(/\/[^\/]*$/, "", target)
		if (folder != "" && target in rank && target != folder && rank[target] >= rank[folder]) {
			printf "src/%s:%d: %s/ (rank %d) includes %s/ (rank %d)\n", FILENAME, FNR, folder, rank[folder], target, rank[target]
			bad++
		}
	}
	END {
		if (bad) {
			printf "%d includes go upward\n", bad
			exit 1
		}
		print "layers: every include goes downward"
	}'
