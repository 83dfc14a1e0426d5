package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a text is a numeric address, told without asking any resolver (C3: no name resolution). Stateless.
 *
 * <p>IPv4 is four decimal parts without leading zeros: {@code 127.1} and {@code 010.0.0.1} mean different addresses to
 * different programs. IPv6 is RFC 4291's text form, with a zone ({@code fe80::1%eth0}) if need be.
 */
public final class NumericAddress {

    private static final Pattern IPV4_PART = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern IPV6_GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9._-]{1,15}");
    private static final int IPV6_GROUPS = 8;

    private NumericAddress() {}

    /** Whether {@code text} is an IPv4 or IPv6 address. */
    public static boolean isNumeric(String text) {
        return isIpv4(text) || isIpv6(text);
    }

    static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!IPV4_PART.matcher(part).matches() || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    static boolean isIpv6(String text) {
        int percent = text.indexOf('%');
        if (percent >= 0 && !ZONE.matcher(text.substring(percent + 1)).matches()) {
            return false;
        }
        String address = percent < 0 ? text : text.substring(0, percent);
        int gap = address.indexOf("::");
        if (gap < 0) {
            return groups(address, true) == IPV6_GROUPS;
        }
        int before = groups(address.substring(0, gap), false);
        int after = groups(address.substring(gap + 2), true);
        return before >= 0 && after >= 0 && before + after < IPV6_GROUPS;
    }

    /** Number of 16-bit groups in a part without "::"; an IPv4 address at its end counts two; -1 if it is malformed. */
    private static int groups(String part, boolean mayEndWithIpv4) {
        if (part.isEmpty()) {
            return 0;
        }
        List<String> pieces = new ArrayList<>(List.of(part.split(":", -1)));
        int count = 0;
        if (mayEndWithIpv4 && isIpv4(pieces.get(pieces.size() - 1))) {
            pieces.remove(pieces.size() - 1);
            count = 2;
        }
        for (String piece : pieces) {
            if (!IPV6_GROUP.matcher(piece).matches()) {
                return -1;
            }
        }
        return count + pieces.size();
    }
}
