package io.github.pgconmgr.relay.auth;

/** Reads the attributes of a SCRAM message from left to right; one object per message. Confined. */
final class ScramText {

    private final String text;
    private int at;

    ScramText(String text) throws LoginProtocolException {
        if (text.indexOf('\0') >= 0) {
            throw malformed();
        }
        this.text = text;
    }

    /** The next character, consumed. */
    char next() throws LoginProtocolException {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at++);
    }

    void expect(char wanted) throws LoginProtocolException {
        if (next() != wanted) {
            throw malformed();
        }
    }

    /** The value of {@code name=value}, consumed with the comma behind it. */
    String attribute(char name) throws LoginProtocolException {
        expect(name);
        return value();
    }

    /** The name of an attribute that we may not know; its value is consumed. */
    void skipAttribute() throws LoginProtocolException {
        char name = next();
        if ((name < 'a' || name > 'z') && (name < 'A' || name > 'Z')) {
            throw malformed();
        }
        value();
    }

    private String value() throws LoginProtocolException {
        expect('=');
        int comma = text.indexOf(',', at);
        String value = text.substring(at, comma < 0 ? text.length() : comma);
        at = comma < 0 ? text.length() : comma + 1;
        return value;
    }

    /** The rest must not be asked for after its end; a comma at the end counts as one more attribute that is missing. */
    boolean isAtEnd() {
        return at == text.length() && !text.endsWith(",");
    }

    char peek() throws LoginProtocolException {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at);
    }

    /** Where the next character stands. */
    int position() {
        return at;
    }

    static LoginProtocolException malformed() {
        return LoginProtocolException.violation("malformed SCRAM message");
    }
}
