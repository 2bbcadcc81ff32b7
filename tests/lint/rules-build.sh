# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Rules that need what was built, or another program.  Sourced by tests/lint/run.

# Each option of a program's table stands in the sample file as the table says it.
check_options() {
	local p sample=conf/ceptoar.conf
	[ -f $sample ] || { echo "$sample: missing"; return; }
	for p in front vault keeper courier; do
		"$build/ceptoar-$p" --sample-conf >"$out.opt" 2>/dev/null || echo "ceptoar-$p --sample-conf: failed"
		[ -s "$out.opt" ] || echo "ceptoar-$p --sample-conf: says nothing"
		awk -v sample=$sample -v p="$p" '
			/^\[/ { section = $0 }
			# An option, also when it is commented out as its default.
			match($0, /^[#; ]*[a-z_]+ *=/) {
				name = $0; sub(/ *=.*/, "", name); sub(/^[#; ]*/, "", name)
				if (FILENAME == sample) { have[section, name] = 1; next }
				if (!((section, name) in have)) print sample ": lacks " section " " name " of ceptoar-" p
			}' $sample "$out.opt"
	done
	rm -f "$out.opt"
	# Nothing stands in it that a program would refuse.
	for p in front vault keeper courier; do
		"$build/ceptoar-$p" --sample-conf 2>/dev/null
	done | awk -v sample=$sample '
		/^\[/ { section = $0; next }
		match($0, /^[#; ]*[a-z_]+ *=/) {
			name = $0; sub(/ *=.*/, "", name); sub(/^[#; ]*/, "", name)
			if (FILENAME != sample) { have[section, name] = 1; next }
			if (section !~ /^\[policy / && !((section, name) in have)) print sample ": " section " " name " is no option"
		}' - $sample
}

# A program links its own libraries only: the vault cannot even call TLS or HTTP.
check_libs() {
	local p lib base='libc\.so\.6 libgcc_s\.so\.1 ld-linux-.*' allowed
	for p in ceptoar-front ceptoar-vault ceptoar-keeper ceptoar-courier ceptoard ceptoar ceptoarctl; do
		case $p in
		ceptoar-front) allowed='libevent_core-.* libssl\.so\.3 libcrypto\.so\.3 libjansson\..* libutf8proc\..* libinih\..*' ;;
		ceptoar-vault) allowed='libevent_core-.* libcrypto\.so\.3 libsqlite3\..* libinih\..*' ;;
		ceptoar-keeper) allowed='libevent_core-.* libcrypto\.so\.3 libsqlite3\..* libjansson\..* libutf8proc\..* libinih\..*' ;;
		ceptoar-courier) allowed='libevent_core-.* libcurl\..* libcrypto\.so\.3 libjansson\..* libutf8proc\..* libinih\..*' ;;
		ceptoard) allowed='libevent_core-.* libcrypto\.so\.3 libjansson\..* libutf8proc\..* libinih\..*' ;;
		ceptoar) allowed='libcurl\..* libssl\.so\.3 libcrypto\.so\.3 libjansson\..* libutf8proc\..*' ;;
		ceptoarctl) allowed='libevent_core-.* libcrypto\.so\.3 libjansson\..* libutf8proc\..* libinih\..*' ;;
		esac
		[ -x "$build/$p" ] || { echo "$p: was not built"; continue; }
		readelf -d "$build/$p" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | while read -r lib; do
			case $lib in libasan* | libubsan*) continue ;; esac
			for a in $base $allowed; do
				echo "$lib" | grep -qx "$a" && continue 2
			done
			echo "$p: is linked with $lib"
		done
		readelf -lW "$build/$p" | grep -q 'GNU_RELRO' || echo "$p: without RELRO"
		readelf -hW "$build/$p" | grep -q 'DYN (' || echo "$p: not position independent"
		readelf -lW "$build/$p" | grep 'GNU_STACK' | grep -q 'RWE' && echo "$p: executable stack"
		readelf -dW "$build/$p" | grep -q 'BIND_NOW\|NOW' || echo "$p: binds late"
	done
}

# proto reads bytes: no clock, no descriptor, no environment, seen in its object files.
check_pure() {
	[ -f "$build/libproto.a" ] || { echo "libproto.a: was not built"; return; }
	nm -Au "$build/libproto.a" 2>/dev/null | awk '
		$NF ~ /^(time|clock_gettime|gettimeofday|open|open64|openat|fopen|fopen64|read|write|socket|connect|send|recv|sendto|recvfrom|getenv|secure_getenv|printf|puts|fork|execve|getpid|RAND_bytes|getrandom|log_error|log_warn|log_info|log_debug|clock_wall_ms|clock_mono_ms)(@.*)?$/ {
			sub(/^.*libproto\.a:/, "", $1); print "proto/" $1 " calls " $NF }'
}

# Data that the programs and the schema must agree on.
check_members() {
	local py=/usr/bin/python3
	[ -x $py ] || py=python3
	$py - <<'PY'
import glob, json, sys
try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing (make install-deps)"); sys.exit()
for path in sorted(glob.glob("conf/*.json") + glob.glob("proto/*.json")):
    try:
        json.load(open(path, encoding="utf-8"))
    except ValueError as e:
        print(f"{path}: {e}")
for path in sorted(glob.glob("conf/*.schema.json") + glob.glob("proto/*.schema.json")):
    jsonschema.validators.validator_for(json.load(open(path))).check_schema(json.load(open(path)))
pairs = [("conf/members.schema.json", "conf/demo-members.json"), ("conf/roster.schema.json", "conf/demo-roster.json")]
for schema, data in pairs:
    try:
        s, d = json.load(open(schema)), json.load(open(data))
    except OSError as e:
        print(e); continue
    v = jsonschema.validators.validator_for(s)(s)
    for e in list(v.iter_errors(d))[:5]:
        print(f"{data}: /{'/'.join(map(str, e.absolute_path))}: {e.message}")
PY
}

check_cppcheck() {
	command -v cppcheck >/dev/null || { echo "cppcheck is not installed (make install-deps)"; return; }
	mkdir -p "$build/cppcheck"
	# No semicolon in -D: cppcheck splits there, and then checks nothing without a word.
	cppcheck -q -j2 --cppcheck-build-dir="$build/cppcheck" --enable=warning,portability,performance \
		--inline-suppr --std=c11 -D_GNU_SOURCE -DPREFIX='""' -DSYSCONFDIR='""' -I. \
		--suppress=missingInclude --suppress=varFuncNullUB --suppress=internalAstError --suppress=uninitvar \
		'-Djson_array_foreach(a,i,v)=while((v=json_array_get(a,i++)))' \
		'-Djson_object_foreach(o,k,v)=while((v=json_object_get(o,k)))' \
		--template='{file}:{line}: {id}: {message}' lib proto daemon cli 2>&1 |
		grep -v 'Checking \|^nofile'
}

check_shellcheck() {
	command -v shellcheck >/dev/null || return
	text_files | grep -E '\.sh$|^tests/run$|^tests/lint/run$|^\.ci/run$' |
		xargs -r -d '\n' shellcheck -S warning -e SC2034,SC2046,SC2154 -f gcc 2>&1
}

# The units are what systemd understands, and the sandbox is as tight as promised.
check_units() {
	command -v systemd-analyze >/dev/null || { echo "systemd-analyze is missing (make install-deps)"; return; }
	tests/lint/units.sh "$build"
}
