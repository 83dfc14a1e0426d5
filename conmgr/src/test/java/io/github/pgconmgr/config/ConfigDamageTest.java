package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random damage to a good file: the loader answers with a configuration or with problems, and with nothing else. */
class ConfigDamageTest {

    private static final int MUTATIONS = 2_000;
    private static final String ALPHABET = "ab0179 =#'\n\t\r_.-,*:%\0é\uD83D\uFFFF";

    @ParameterizedTest(name = "seed {0}")
    @Proves("C1")
    @ValueSource(longs = {1, 20261121, 0x5EED})
    void noDamageBreaksTheLoader(long seed) {
        Random random = new Random(seed);
        String good = SampleFile.render()
                .replaceAll("(?m)^#([a-z_]+0?) = ", "$1 = ")
                .replace("check_conninfo0 = ''", "check_conninfo0 = 'user=a dbname=b'")
                .replace("''", "192.0.2.1");
        int loaded = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            String text = damage(good, random);
            try {
                ConmgrConfig config = ConfigLoader.parse("fuzz", text).config();
                assertTrue(config.port() >= 1 && config.port() <= 65535, () -> "seed " + seed + ": " + text);
                assertFalse(config.instances().isEmpty(), () -> "seed " + seed + ": " + text);
                loaded++;
            } catch (ConfigException e) {
                assertFalse(e.problems().isEmpty(), () -> "seed " + seed + ": " + text);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", text:\n" + text, e);
            }
        }
        // Otherwise the damage was so heavy, or so light, that it tested one side alone.
        assertTrue(loaded > MUTATIONS / 100 && loaded < MUTATIONS, "seed " + seed + ": " + loaded + " loaded");
    }

    private static String damage(String good, Random random) {
        StringBuilder text = new StringBuilder(good);
        for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
            int at = random.nextInt(text.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(60))));
            }
        }
        return text.toString();
    }
}
