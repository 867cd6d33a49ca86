package org.virtugrid.jobs.value;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON form of bytes: text that is UTF-8 stands as it is, and every other byte as {@code \xNN} with two upper-case
 * hexadecimal digits.
 *
 * <p>So that no two byte strings share a form, text that happens to spell such an escape has its backslash written as
 * {@code \x5C}. Replacing each {@code \xNN} from left to right by its byte gives the bytes back.
 */
public final class ByteText {
    private static final Pattern LOOKS_ESCAPED = Pattern.compile("\\\\(?=x[0-9A-F]{2})");
    private static final int EXCERPT_BYTES = 60;

    private ByteText() {}

    /** The text of {@code array[offset .. offset+length)}. */
    public static String of(byte[] array, int offset, int length) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(array, offset, length);
        try {
            return escape(decoder.decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return pieces(decoder.reset(), ByteBuffer.wrap(array, offset, length));
        }
    }

    /** The text of all of the given bytes. */
    public static String of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** The beginning of the text, for a message. */
    public static String excerpt(byte[] array, int offset, int length) {
        return length <= EXCERPT_BYTES
                ? of(array, offset, length)
                : of(array, offset, EXCERPT_BYTES) + "… (" + length + " bytes)";
    }

    private static String pieces(CharsetDecoder decoder, ByteBuffer bytes) {
        StringBuilder text = new StringBuilder();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining());
        while (bytes.hasRemaining()) {
            chars.clear();
            CoderResult result = decoder.reset().decode(bytes, chars, true);
            text.append(escape(chars.flip().toString()));
            if (result.isError()) {
                for (int i = 0; i < result.length(); i++) {
                    text.append(String.format("\\x%02X", bytes.get() & 0xff));
                }
            }
        }
        return text.toString();
    }

    private static String escape(String text) {
        return text.indexOf('\\') < 0
                ? text
                : LOOKS_ESCAPED.matcher(text).replaceAll(Matcher.quoteReplacement("\\x5C"));
    }
}
