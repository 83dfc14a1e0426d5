package io.github.pgconmgr.watchdog;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A selector that only registers {@link FakeChannel}s. Confined to the test's thread. */
final class FakeSelector extends AbstractSelector {

    FakeSelector() {
        super(SelectorProvider.provider());
    }

    private static final class Key extends AbstractSelectionKey {
        private final SelectableChannel channel;
        private final Selector selector;
        private int ops;

        Key(SelectableChannel channel, Selector selector, int ops) {
            this.channel = channel;
            this.selector = selector;
            this.ops = ops;
        }

        @Override
        public SelectableChannel channel() {
            return channel;
        }

        @Override
        public Selector selector() {
            return selector;
        }

        @Override
        public int interestOps() {
            return ops;
        }

        @Override
        public SelectionKey interestOps(int changed) {
            ops = changed;
            return this;
        }

        @Override
        public int readyOps() {
            return ops;
        }
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        Key key = new Key(channel, this, ops);
        key.attach(attachment);
        return key;
    }

    @Override
    protected void implCloseSelector() {
        // It holds nothing.
    }

    @Override
    public Set<SelectionKey> keys() {
        return Set.of();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        return Set.of();
    }

    @Override
    public int selectNow() {
        return 0;
    }

    @Override
    public int select(long timeout) {
        return 0;
    }

    @Override
    public int select() {
        return 0;
    }

    @Override
    public Selector wakeup() {
        return this;
    }
}
