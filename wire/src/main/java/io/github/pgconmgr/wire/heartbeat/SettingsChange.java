package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * SETTINGS: conmgr wants another interval and timeout on a link that stands; the watchdog answers with what it uses from then
 * on, the same (ADR 7). Immutable.
 */
public record SettingsChange(HeartbeatSettings settings) implements HeartbeatFrame {

    static SettingsChange decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, HeartbeatSettings.BYTES, FrameType.SETTINGS);
        return new SettingsChange(HeartbeatSettings.decode(in));
    }

    @Override
    public FrameType type() {
        return FrameType.SETTINGS;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        settings.encode(out);
    }
}
