#!/usr/bin/env bash
# fuzz.sh INPUTS SECONDS [TARGET...]: runs Jazzer, then libFuzzer, on each target in a process of its own, one after the other, until
# it has tried INPUTS inputs or for SECONDS (0: no such limit); a finding ends it with exit code 1. build/fuzz/TARGET keeps corpus, log
# and findings, build/fuzz/results.tsv a line for each run. Called by "make fuzz", which has compiled everything. JAVA names a Java 17.
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=$1 seconds=$2
shift 2
java=${JAVA:-java}
out=$PWD/build/fuzz
mkdir -p "$out/tmp"

# Name, module, class, method, longest input in bytes.
java_targets="
heartbeat-frames wire wire.heartbeat.HeartbeatFuzzTest anyBytesAreFramesOrMalformed 4096
redirect-request wire wire.redirect.RedirectFuzzTest anyBytesAreARequestOrMalformed 4096
redirect-answer wire wire.redirect.RedirectFuzzTest anyBytesAreAnAnswerOrMalformed 4096
heartbeat-port pljava-watchdog watchdog.HeartbeatPortFuzzTest anyTalkOfAnyNumberOfStrangersHarmsNobody 4096
watchdog-frames conmgr heartbeat.WatchdogFramesFuzzTest anyWatchdogIsObeyedOrLeft 4096
watchdog-impostor conmgr heartbeat.WatchdogFramesFuzzTest nobodyIsBelievedWithoutTheSecret 1024
conmgr-port conmgr frontend.StageOneFuzzTest whateverComesIsAnsweredRelayedOrClosed 12000
relay-first-packet conmgr relay.protocol.FirstPacketFuzzTest whateverComesIsAPacketOrMalformed 4096
relay-client conmgr relay.session.RelayFuzzTest aClientThatSaysAnythingHarmsNobodyElse 4096
relay-server conmgr relay.session.RelayFuzzTest aServerThatSaysAnythingHarmsNobodyElse 4096
recorded-traffic-client conmgr relay.session.RecordedTrafficFuzzTest aClientThatSendsAnythingHarmsNobodyElse 4096
recorded-traffic-server conmgr relay.session.RecordedTrafficFuzzTest aServerThatSendsAnythingHarmsOnlyItsClient 4096
login-client conmgr relay.auth.LoginFuzzTest anyMessagesOfAClientAreALoginOrARefusal 1024
login-server conmgr relay.auth.LoginFuzzTest anyMessagesOfAServerAreALoginOrAFailure 1024
auth-file conmgr relay.auth.LoginFuzzTest anyBytesAreAUserListOrAListOfProblems 4096
console conmgr relay.console.ConsoleFuzzTest anyBytesAreAnsweredWithWholeMessages 4096
check-answer conmgr attribute.AnswerLimitFuzzTest anyAnswerIsReadOrTooLong 4096
conmgr-conf conmgr config.ConfigFuzzTest anyBytesAreAConfigurationOrAListOfProblems 4096
control-request conmgr admin.ControlRequestFuzzTest anyLineIsARequestOrNone 1024
timeline-file conmgr daemon.TimelineFileFuzzTest anyTextIsTakenAsItWasWrittenOrNotAtAll 1024
"
# Name, longest input in bytes; build/fuzz/c/NAME is the program.
c_targets="
libpqcm-answer 4096
libpqcm-hosts 1024
watchdog-tick 8192
"

# run NAME SEEDS COMMAND...: with libFuzzer's options behind it.
run() {
	local name=$1 seeds=$2 corpus=$out/$1/corpus log=$out/$1/log began=$SECONDS status=0
	shift 2
	mkdir -p "$corpus"
	[ ! -d "$seeds" ] || cp -n "$seeds"/* "$corpus"/ 2>/dev/null || true
	local limit=()
	[ "$seconds" = 0 ] || limit=("-max_total_time=$seconds")
	(cd "$out/$name" && "$@" corpus "-runs=$inputs" "${limit[@]}" -print_final_stats=1 -timeout=300 \
		"-artifact_prefix=$out/$name/" >log 2>&1) || status=$?
	local tried
	tried=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
	printf '%s\t%s\t%s\t%s\t%s\n' "$name" "${tried:-0}" $((SECONDS - began)) "$status" \
		"$(find "$corpus" -type f | wc -l)" >>"$out/results.tsv"
	if [ "$status" != 0 ]; then
		echo "fuzz: $name: a finding; see $log and the file beside it" >&2
		tail -20 "$log" >&2
		return 1
	fi
	echo "fuzz: $name: ${tried:-0} inputs in $((SECONDS - began)) s, nothing found"
}

wanted() {
	[ $# = 1 ] && return 0
	local name=$1 one
	shift
	for one; do [ "$one" != "$name" ] || return 0; done
	return 1
}

failed=0
while read -r name module class method longest; do
	if [ -z "$name" ] || ! wanted "$name" "$@"; then continue; fi
	path=io/github/pgconmgr/${class//./\/}
	run "$name" "$PWD/$module/src/test/resources/${path}Inputs/$method" "$java" -XX:-UsePerfData -Xmx768m \
		"-Djava.io.tmpdir=$out/tmp" \
		-cp "$PWD/$module/target/test-classes:$PWD/$module/target/classes:$(cat "$module/target/test.classpath")" \
		com.code_intelligence.jazzer.Jazzer "--target_class=io.github.pgconmgr.$class" "--target_method=$method" \
		'--instrumentation_includes=io.github.pgconmgr.**' "-max_len=$longest" || failed=1
done <<<"$java_targets"
while read -r name longest; do
	if [ -z "$name" ] || ! wanted "$name" "$@"; then continue; fi
	run "$name" "$PWD/libpqcm/tests/corpus/$name" "$out/c/$name" "-max_len=$longest" || failed=1
done <<<"$c_targets"
exit "$failed"
