package io.github.pgconmgr.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parameter whose value in the file is not the running one. Immutable.
 *
 * @param oldValue empty if an instance's parameter was not there
 * @param newValue empty if it is gone
 * @param reloadable whether a reload changes it; else it takes a restart
 */
public record SettingChange(String name, String oldValue, String newValue, boolean reloadable) {

    /** What differs, in the table's order; lines and spelling do not count. */
    public static List<SettingChange> between(List<Setting> running, List<Setting> file) {
        Map<String, Setting> left = new LinkedHashMap<>();
        running.forEach(setting -> left.put(setting.name(), setting));
        List<SettingChange> changes = new ArrayList<>();
        for (Setting now : file) {
            Setting before = left.remove(now.name());
            String oldValue = before == null ? "" : before.value();
            if (!oldValue.equals(now.value())) {
                changes.add(new SettingChange(now.name(), oldValue, now.value(), now.reloadable()));
            }
        }
        left.values().stream()
                .filter(gone -> !gone.value().isEmpty())
                .forEach(gone -> changes.add(new SettingChange(gone.name(), gone.value(), "", gone.reloadable())));
        return changes;
    }
}
