package dev.tarn.jinja;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HexFormat;
import java.util.Map;

/** Methods of int, float and bytes. */
final class NumberMethods {
    static final Map<String, Methods.Method<Object>> INT =
            new Methods.Table<>()
                    .add("bit_length", "", (n, a) -> (long) Numbers.big(n).abs().bitLength())
                    .add("is_integer", "", (n, a) -> true)
                    .add("conjugate", "", (n, a) -> n)
                    .build();

    static final Map<String, Methods.Method<Double>> FLOAT =
            new Methods.Table<Double>()
                    .add("is_integer", "", (d, a) -> d == Math.rint(d) && !Double.isInfinite(d))
                    .add("conjugate", "", (d, a) -> d)
                    .build();

    static final Map<String, Methods.Method<Bytes>> BYTES =
            new Methods.Table<Bytes>()
                    .add("decode", "encoding='utf-8', errors='strict'", NumberMethods::decode)
                    .add("hex", "", (b, a) -> HexFormat.of().formatHex(b.content()))
                    .build();

    private NumberMethods() {}

    private static String decode(Bytes bytes, Signature.Given given) {
        try {
            return charset(given.text(0))
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.content()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ValueErrors.value("'%s' codec can't decode the bytes".formatted(given.text(0)));
        }
    }

    static Charset charset(String name) {
        try {
            return name.equals("utf-8") ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (UnsupportedCharsetException | IllegalCharsetNameException e) {
            throw ValueErrors.value("unknown encoding: " + name);
        }
    }
}
