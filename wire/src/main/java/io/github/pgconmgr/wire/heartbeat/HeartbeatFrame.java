package io.github.pgconmgr.wire.heartbeat;

import java.nio.ByteBuffer;

/** One heartbeat message. Immutable; encode and decode stand side by side in each. */
public sealed interface HeartbeatFrame
        permits Hello,
                Welcome,
                Refused,
                Challenge,
                Beat,
                StateChange,
                SettingsChange,
                Goodbye,
                Proof,
                Follow,
                Upstream {

    /** The type byte. */
    FrameType type();

    /** Writes the payload, without length and type. */
    void encodePayload(ByteBuffer out);
}
