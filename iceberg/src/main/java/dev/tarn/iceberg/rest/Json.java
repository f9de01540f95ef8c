package dev.tarn.iceberg.rest;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.rest.RESTSerializers;

/** Bodies as the specification writes them. */
final class Json {
    private static final int DEPTH_MAX = 200;

    /** Never changed after it is made. */
    static final ObjectMapper MAPPER = mapper();

    private Json() {}

    private static ObjectMapper mapper() {
        JsonFactory factory =
                JsonFactory.builder()
                        .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                        .streamReadConstraints(
                                StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                        .build();
        ObjectMapper mapper =
                JsonMapper.builder(factory)
                        .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                        .build();
        RESTSerializers.registerAll(mapper);
        return mapper;
    }

    static HttpProtocol.Answer ok(Object body) {
        return answer(200, body, Map.of());
    }

    static HttpProtocol.Answer answer(int status, Object body, Map<String, String> headers) {
        try {
            Map<String, String> all = new HashMap<>(headers);
            all.put("Content-Type", "application/json");
            return new HttpProtocol.Answer(status, all, MAPPER.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static HttpProtocol.Answer nothing() {
        return new HttpProtocol.Answer(204, Map.of(), new byte[0]);
    }
}
