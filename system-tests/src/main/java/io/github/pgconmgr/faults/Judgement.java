package io.github.pgconmgr.faults;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One end of a heartbeat has given up, or doubts, the other. Immutable.
 *
 * @param nanos when, on the monotonic clock
 * @param judge the host that did so
 * @param judged the other host
 * @param silence whether the reason is that nothing was heard on a connection that stood
 */
record Judgement(long nanos, String judge, String judged, boolean silence) {

    private static final Pattern OF_CONMGR = Pattern.compile("instance (\\d): (\\w+) -> (?:SUSPECT|DOWN): (.*)");
    private static final Pattern OF_WATCHDOG =
            Pattern.compile(" at (10\\.[0-9.]+) port \\d+: (\\w+) -> (?:LOST|GRACE|DEAD|GONE): (.*)");

    /** The judgement that the line tells of, if it does. */
    static Optional<Judgement> of(Watch.Line line, FaultLab lab) {
        Matcher conmgr = OF_CONMGR.matcher(line.text());
        if (conmgr.find()) {
            String instance = Names.INSTANCES.get(Integer.parseInt(conmgr.group(1)));
            return Optional.of(judgement(line, instance, conmgr));
        }
        Matcher watchdog = OF_WATCHDOG.matcher(line.text());
        if (!watchdog.find()) {
            return Optional.empty();
        }
        return Names.APPLICATIONS.stream()
                .filter(host -> lab.address(host).equals(watchdog.group(1)))
                .findFirst()
                .map(host -> judgement(line, host, watchdog));
    }

    /** In SUSPECT and LOST the connection has ended before: its silence says nothing about the network. */
    private static Judgement judgement(Watch.Line line, String judged, Matcher match) {
        boolean wasConnected =
                !match.group(2).equals("SUSPECT") && !match.group(2).equals("LOST");
        boolean silence =
                match.group(3).startsWith("no heartbeat for") || match.group(3).startsWith("no frame for");
        return new Judgement(line.nanos(), line.host(), judged, silence && wasConnected);
    }
}
