package io.github.pgconmgr.admin;

import io.github.pgconmgr.wire.Lsn;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Everything that {@code cm_ctl status} shows (C10). Immutable. */
public record StatusReport(
        ConmgrStatus conmgr, List<InstanceStatus> instances, List<ApplicationStatus> applications, PoolStatus pool) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

    /** Copies the lists. */
    public StatusReport {
        instances = List.copyOf(instances);
        applications = List.copyOf(applications);
    }

    /** In that format, each line ended. */
    String render(StatusScope scope, StatusFormat format, ZoneId zone) {
        return switch (format) {
            case TEXT -> toText(scope, zone);
            case JSON -> StatusJson.of(this, scope);
        };
    }

    /** As text for people, aligned, each line ended. */
    public String toText(StatusScope scope, ZoneId zone) {
        DateTimeFormatter time = TIME.withZone(zone);
        StringBuilder out = new StringBuilder();
        switch (scope) {
            case ALL -> {
                renderConmgr(out, time);
                out.append('\n');
                renderInstances(out, time);
                out.append('\n');
                renderApplications(out, time);
                out.append('\n');
                pool.renderTo(out);
            }
            case INSTANCE -> renderInstances(out, time);
            case APPLICATION -> renderApplications(out, time);
            case POOL -> pool.renderTo(out);
        }
        return out.toString();
    }

    private void renderConmgr(StringBuilder out, DateTimeFormatter time) {
        out.append(String.format(Locale.ROOT, "conmgr %s is running (PID %d)\n", conmgr.version(), conmgr.pid()));
        out.append("  directory: ").append(conmgr.directory()).append('\n');
        out.append("  port:      ").append(conmgr.port()).append('\n');
        out.append("  since:     ").append(show(conmgr.since(), time)).append('\n');
    }

    private void renderInstances(StringBuilder out, DateTimeFormatter time) {
        out.append("instances: ").append(instances.size()).append('\n');
        TextTable table = new TextTable(
                "no", "host", "port", "attribute", "liveness", "since", "tli", "lsn", "rtt ms", "sessions", "reason");
        for (InstanceStatus instance : instances) {
            InstanceStatus.Seen seen = instance.seen();
            boolean known = !seen.equals(InstanceStatus.Seen.NOTHING);
            table.row(
                    Integer.toString(instance.number()),
                    instance.host(),
                    Integer.toString(instance.port()),
                    seen.attribute(),
                    instance.liveness(),
                    show(instance.since(), time),
                    known ? Integer.toUnsignedString(seen.timeline()) : "",
                    known ? Lsn.text(seen.lsn()) : "",
                    seen.roundTripMicros() < 0 ? "" : String.format(Locale.ROOT, "%.2f", seen.roundTripMicros() / 1e3),
                    Integer.toString(instance.sessions()),
                    instance.words());
        }
        table.renderTo(out);
    }

    private void renderApplications(StringBuilder out, DateTimeFormatter time) {
        out.append("applications: ").append(applications.size()).append('\n');
        if (applications.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("pid", "application", "address", "target", "instance", "since");
        for (ApplicationStatus application : applications) {
            table.row(
                    application.pid(),
                    application.applicationName(),
                    application.address(),
                    application.target(),
                    Integer.toString(application.instance()),
                    show(application.since(), time));
        }
        table.renderTo(out);
    }

    private static String show(@Nullable Instant moment, DateTimeFormatter time) {
        return moment == null ? "" : time.format(moment);
    }
}
