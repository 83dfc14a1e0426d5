package io.github.pgconmgr.jdbc;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Reads an address out of conmgr's answer without ever asking a name server: an answer must not make us resolve names.
 * Immutable, stateless.
 */
final class NumericAddress {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[0-9A-Za-z_.-]+)?");
    private static final int MAX_OCTET = 255;

    private NumericAddress() {}

    /**
     * The address that the text spells.
     *
     * @throws MalformedMessageException if it spells none
     */
    static InetAddress parse(String text) throws MalformedMessageException {
        try {
            if (IPV4.matcher(text).matches()) {
                return InetAddress.getByAddress(octets(text));
            }
            if (IPV6.matcher(text).matches()) {
                // In brackets it is taken for nothing but an IPv6 address.
                return InetAddress.getByName("[" + text + "]");
            }
        } catch (UnknownHostException e) {
            throw new MalformedMessageException("hostaddr is not an address");
        }
        throw new MalformedMessageException("hostaddr is not numeric");
    }

    private static byte[] octets(String text) throws UnknownHostException {
        String[] parts = text.split("\\.", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int octet = Integer.parseInt(parts[i]);
            if (octet > MAX_OCTET) {
                throw new UnknownHostException();
            }
            octets[i] = (byte) octet;
        }
        return octets;
    }
}
