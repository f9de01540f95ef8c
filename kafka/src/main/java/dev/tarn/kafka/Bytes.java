package dev.tarn.kafka;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes as texts. */
final class Bytes {
    private Bytes() {}

    /** Bytes inside of JSON: Base64 in quotes. */
    static void text(byte[] bytes, int from, int length, JsonBytes out) {
        ByteBuffer base64 = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, from, length));
        out.put('"').put(base64.array(), 0, base64.limit()).put('"');
    }

    /** Whether bytes are UTF-8 without a zero. */
    static boolean isText(byte[] bytes) {
        int odd = 0;
        for (byte b : bytes) {
            odd |= b - 1;
        }
        return odd >= 0 || (!hasZero(bytes) && decodes(bytes));
    }

    private static boolean hasZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    static boolean isUtf8(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return decodes(bytes);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] bytes) {
        try {
            CharBuffer unused =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Bytes for somebody to read: the text they are, else hexadecimal; long ones are cut. */
    static String shown(byte[] bytes, int most) {
        if (isText(bytes)) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.length() <= most
                    ? text
                    : text.substring(0, most) + "… (" + bytes.length + " bytes)";
        }
        StringBuilder hex = new StringBuilder("0x");
        for (int i = 0; i < bytes.length && i < most / 2; i++) {
            hex.append(Character.forDigit((bytes[i] >> 4) & 15, 16));
            hex.append(Character.forDigit(bytes[i] & 15, 16));
        }
        return bytes.length <= most / 2 ? hex.toString() : hex + "… (" + bytes.length + " bytes)";
    }
}
