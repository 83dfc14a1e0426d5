package io.github.pgconmgr.admin;

import io.github.pgconmgr.wire.Lsn;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code cm_ctl status --format json} (C10; docs/reference/cm_ctl.md names the members). Stateless. */
final class StatusJson {

    private StatusJson() {}

    /** One line, ended. What is not known is null. */
    static String of(StatusReport report, StatusScope scope) {
        Json json = new Json().beginObject();
        if (scope == StatusScope.ALL) {
            json.name("conmgr");
            write(json, report.conmgr());
        }
        if (scope == StatusScope.ALL || scope == StatusScope.INSTANCE) {
            json.name("instances").beginArray();
            report.instances().forEach(instance -> write(json, instance));
            json.endArray();
        }
        if (scope == StatusScope.ALL || scope == StatusScope.APPLICATION) {
            json.name("applications").beginArray();
            report.applications().forEach(application -> write(json, application));
            json.endArray();
        }
        if (scope == StatusScope.ALL || scope == StatusScope.POOL) {
            json.name("pool");
            write(json, report.pool());
        }
        return json.endObject() + "\n";
    }

    private static void write(Json json, ConmgrStatus conmgr) {
        json.beginObject();
        json.name("pid").number(conmgr.pid());
        json.name("version").text(conmgr.version());
        json.name("directory").text(conmgr.directory());
        json.name("port").number(conmgr.port());
        json.name("since").text(text(conmgr.since()));
        json.endObject();
    }

    private static void write(Json json, InstanceStatus instance) {
        InstanceStatus.Seen seen = instance.seen();
        boolean known = !seen.equals(InstanceStatus.Seen.NOTHING);
        json.beginObject();
        json.name("number").number(instance.number());
        json.name("host").text(instance.host());
        json.name("port").number(instance.port());
        json.name("attribute").text(known ? seen.attribute() : null);
        json.name("liveness").text(instance.liveness().toLowerCase(Locale.ROOT));
        json.name("since").text(text(instance.since()));
        json.name("timeline");
        if (known) {
            json.number(Integer.toUnsignedLong(seen.timeline()));
        } else {
            json.nothing();
        }
        json.name("lsn").text(known ? Lsn.text(seen.lsn()) : null);
        thousandth(json.name("round_trip_ms"), seen.roundTripMicros());
        thousandth(json.name("replay_lag_s"), seen.replayLagMillis());
        json.name("sessions").number(instance.sessions());
        json.name("reason").text(instance.reason().isEmpty() ? null : instance.reason());
        json.name("check").text(instance.remark().isEmpty() ? null : instance.remark());
        json.endObject();
    }

    private static void thousandth(Json json, long thousandths) {
        if (thousandths >= 0) {
            json.thousandth(thousandths);
        } else {
            json.nothing();
        }
    }

    private static void write(Json json, ApplicationStatus application) {
        json.beginObject();
        json.name("pid").text(application.pid().isEmpty() ? null : application.pid());
        json.name("application_name")
                .text(application.applicationName().isEmpty() ? null : application.applicationName());
        json.name("address").text(application.address());
        json.name("target_session_attrs").text(application.target());
        json.name("instance").number(application.instance());
        json.name("since").text(text(application.since()));
        json.endObject();
    }

    private static void write(Json json, PoolStatus pool) {
        json.beginObject();
        json.name("mode").text(pool.mode());
        json.name("workers").number(pool.workers());
        json.name("busy").number(pool.busy());
        json.name("clients").number(pool.clients());
        json.name("waiting").number(pool.waiting());
        json.name("max_server_connections").number(pool.maxServerConnections());
        json.name("instances").beginArray();
        for (PoolStatus.Connections connections : pool.instances()) {
            json.beginObject();
            json.name("number").number(connections.instance());
            json.name("in_use").number(connections.inUse());
            json.name("cached").number(connections.cached());
            json.name("opening").number(connections.opening());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    /** RFC 3339, in UTC, so that a program needs no zone. */
    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }
}
