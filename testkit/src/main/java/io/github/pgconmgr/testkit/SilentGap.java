package io.github.pgconmgr.testkit;

/**
 * A time in which a TCP stream stood still for its receiver, as a lab's switch in user space saw it. Immutable.
 *
 * @param sender its address
 * @param receiver its address
 * @param beginNanos when the last byte before it arrived, on the monotonic clock
 * @param endNanos when the next one did, or the stream's end; else when the hosts made another connection; {@code
 *     Long.MAX_VALUE} if it went on when the switch was taken away
 * @param filled whether the next byte, or the stream's end, arrived
 */
public record SilentGap(String sender, String receiver, long beginNanos, long endNanos, boolean filled) {

    /** The same time in the other direction. */
    public SilentGap otherWay() {
        String from = receiver;
        String to = sender;
        return new SilentGap(from, to, beginNanos, endNanos, filled);
    }

    static SilentGap parse(String line) {
        String[] words = line.split(" ", 6);
        long end = Long.parseLong(words[4]);
        return new SilentGap(
                words[1],
                words[2],
                Long.parseLong(words[3]) * 1000,
                end < 0 ? Long.MAX_VALUE : end * 1000,
                words[5].equals("1"));
    }
}
