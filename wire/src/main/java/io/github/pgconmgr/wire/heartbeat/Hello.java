package io.github.pgconmgr.wire.heartbeat;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * The first frame of a link, from conmgr. Immutable.
 *
 * @param lowestVersion lowest protocol version that the sender speaks
 * @param highestVersion highest protocol version that the sender speaks
 * @param conmgrId random per conmgr process
 * @param nonce random per connection: makes the watchdog's proof a new one each time
 * @param softwareVersion for people
 * @param wantsProof the sender has a shared secret: it proves it, and takes no WELCOME without the watchdog's proof (ADR 5)
 * @param highestFrame highest frame type that the sender takes
 */
public record Hello(
        int lowestVersion,
        int highestVersion,
        HeartbeatSettings settings,
        Id128 conmgrId,
        Id128 nonce,
        HostIdentity host,
        String softwareVersion,
        boolean wantsProof,
        int highestFrame)
        implements HeartbeatFrame {

    private static final int FIXED_BYTES = 4 + 2 + 2 + HeartbeatSettings.BYTES + 2 * Id128.BYTES;

    /** A HELLO of this program's own version. */
    public static Hello of(HeartbeatSettings settings, Id128 conmgrId, Id128 nonce, HostIdentity host, String version) {
        return new Hello(
                HeartbeatProtocol.VERSION,
                HeartbeatProtocol.VERSION,
                settings,
                conmgrId,
                nonce,
                host,
                version,
                false,
                HeartbeatProtocol.HIGHEST_FRAME);
    }

    /** The same from a conmgr with a shared secret. */
    public Hello wantingProof() {
        return new Hello(
                lowestVersion, highestVersion, settings, conmgrId, nonce, host, softwareVersion, true, highestFrame);
    }

    /** Whether the sender speaks the version that this code speaks. */
    public boolean speaksOurVersion() {
        return lowestVersion <= HeartbeatProtocol.VERSION && HeartbeatProtocol.VERSION <= highestVersion;
    }

    static Hello decode(ByteBuffer in) throws MalformedMessageException {
        HeartbeatCodec.require(in, 8, FrameType.HELLO);
        if (in.getInt() != HeartbeatProtocol.MAGIC) {
            throw new MalformedMessageException("HELLO without its magic");
        }
        int lowest = Short.toUnsignedInt(in.getShort());
        int highest = Short.toUnsignedInt(in.getShort());
        if (lowest > HeartbeatProtocol.VERSION || highest < HeartbeatProtocol.VERSION) {
            return ofUnknownVersion(lowest, highest, in);
        }
        HeartbeatCodec.require(in, FIXED_BYTES - 8, FrameType.HELLO);
        HeartbeatSettings settings = HeartbeatSettings.decode(in);
        Id128 conmgrId = Id128.decode(in);
        Id128 nonce = Id128.decode(in);
        Items items = Items.decode(in);
        HostIdentity host = new HostIdentity(
                items.text(Items.MACHINE_ID), items.text(Items.BOOT_ID), items.number(Items.NETWORK_NAMESPACE));
        return new Hello(
                lowest,
                highest,
                settings,
                conmgrId,
                nonce,
                host,
                items.text(Items.SOFTWARE_VERSION),
                items.number(Items.WANTS_PROOF) != 0,
                items.highestFrame());
    }

    /** Behind the versions an unknown HELLO may hold anything; it is only kept to be refused with a reason. */
    private static Hello ofUnknownVersion(int lowest, int highest, ByteBuffer in) {
        in.position(in.limit());
        HeartbeatSettings none = new HeartbeatSettings(1, 1);
        return new Hello(
                lowest,
                highest,
                none,
                Id128.NONE,
                Id128.NONE,
                HostIdentity.UNKNOWN,
                "",
                false,
                HeartbeatProtocol.HIGHEST_FRAME_UNSAID);
    }

    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }

    @Override
    public void encodePayload(ByteBuffer out) {
        out.putInt(HeartbeatProtocol.MAGIC).putShort((short) lowestVersion).putShort((short) highestVersion);
        settings.encode(out);
        conmgrId.encode(out);
        nonce.encode(out);
        Items.putText(out, Items.MACHINE_ID, host.machineId());
        Items.putText(out, Items.BOOT_ID, host.bootId());
        Items.putNumber(out, Items.NETWORK_NAMESPACE, host.networkNamespace());
        Items.putText(out, Items.SOFTWARE_VERSION, softwareVersion);
        if (wantsProof) {
            Items.putNumber(out, Items.WANTS_PROOF, 1);
        }
        Items.putHighestFrame(out, highestFrame);
    }
}
