package io.github.pgconmgr.frontend;

import io.netty.channel.unix.Socket;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** A connected socket that no selector has, on its way from the front end to the relay: both have the same kind of loop. Immutable. */
public sealed interface BareSocket {

    /** The other side. */
    InetSocketAddress peer();

    /** Linux's. Closing it twice does no harm. */
    record Descriptor(Socket socket, InetSocketAddress peer) implements BareSocket {}

    /** The JDK's, never blocking. */
    record Channel(SocketChannel channel, InetSocketAddress peer) implements BareSocket {}
}
