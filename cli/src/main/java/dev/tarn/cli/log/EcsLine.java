package dev.tarn.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** An event of the log as one line of JSON, in the shape of the Elastic Common Schema. */
final class EcsLine {
    static final int MESSAGE_MAX = 8 << 10;
    static final int TRACE_MAX = 16 << 10;
    private static final String SCHEMA = "8.17.0";
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private EcsLine() {}

    static String of(ILoggingEvent event) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            head(json, event.getInstant(), event.getLevel().toString());
            json.writeStringField("message", bounded(event.getFormattedMessage(), MESSAGE_MAX));
            json.writeStringField("log.logger", event.getLoggerName());
            json.writeStringField("process.thread.name", event.getThreadName());
            for (Map.Entry<String, String> id :
                    new TreeMap<>(event.getMDCPropertyMap()).entrySet()) {
                json.writeStringField(id.getKey(), bounded(id.getValue(), MESSAGE_MAX));
            }
            IThrowableProxy error = event.getThrowableProxy();
            if (error != null) {
                json.writeStringField("error.type", error.getClassName());
                json.writeStringField(
                        "error.message", bounded(String.valueOf(error.getMessage()), MESSAGE_MAX));
                json.writeStringField(
                        "error.stack_trace",
                        bounded(ThrowableProxyUtil.asString(error), TRACE_MAX));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out + "\n";
    }

    /** Says that lines are missing. */
    static String lost(Instant now, long lines) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            head(json, now, "WARN");
            json.writeStringField(
                    "message", lines + " lines were lost: nobody took them fast enough");
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out + "\n";
    }

    private static void head(JsonGenerator json, Instant at, String level) throws IOException {
        json.writeStringField("@timestamp", TIME.format(at.truncatedTo(ChronoUnit.MILLIS)));
        json.writeStringField("log.level", level);
        json.writeStringField("ecs.version", SCHEMA);
        json.writeStringField("service.name", "tarn");
    }

    private static String bounded(String text, int most) {
        return text.length() <= most
                ? text
                : text.substring(0, most) + "… (" + (text.length() - most) + " more)";
    }
}
