package io.github.pgconmgr.watchdogtest;

import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the terminator says of a judgement in the log. Immutable. */
record Judgement(String address, String verb, int sessions, String reason, int silenceMillis) {

    private static final Pattern LINE = Pattern.compile("client host (\\S+) is dead, sessions ([a-z ]+): (\\d+) "
            + "\\(conmgr (\\p{XDigit}{32}), reason (\\w+), silent for (\\d+) ms\\)");

    /** Blocks until the instance has judged this conmgr. */
    static Judgement await(ConmgrProcess conmgr) {
        return Await.value(
                "the judgement on " + conmgr.id(), WatchdogLab.LIMIT, () -> find(conmgr.instance(), conmgr.id()));
    }

    /** The judgement on this conmgr, or null. */
    static @Nullable Judgement find(PgInstance instance, String conmgrId) {
        for (String line : instance.log().linesWith(conmgrId)) {
            Matcher match = LINE.matcher(line);
            if (match.find() && match.group(4).equals(conmgrId)) {
                return new Judgement(
                        match.group(1),
                        match.group(2),
                        Integer.parseInt(match.group(3)),
                        match.group(5),
                        Integer.parseInt(match.group(6)));
            }
        }
        return null;
    }
}
