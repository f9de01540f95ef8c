package dev.tarn.iceberg.rest;

import com.fasterxml.jackson.core.JacksonException;
import dev.tarn.model.RefName;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTRequest;
import org.apache.iceberg.rest.RESTUtil;

/**
 * One request on its way to who answers it.
 *
 * @param ref the warehouse it is about
 * @param variables what stands in the path at the places a route names
 */
record Exchange(HttpProtocol.Call call, RefName ref, Map<String, String> variables) {
    private static final String SEPARATOR = "%1F";

    Namespace namespace() {
        return RESTUtil.decodeNamespaceAsPathSegment(variable("namespace"), SEPARATOR);
    }

    TableIdentifier table() {
        return TableIdentifier.of(namespace(), RESTUtil.decodePathSegment(variable("table")));
    }

    TableIdentifier view() {
        return TableIdentifier.of(namespace(), RESTUtil.decodePathSegment(variable("view")));
    }

    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("The route has no " + name);
        }
        return value;
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(call.query().get(name)).filter(v -> !v.isEmpty());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(call.headers().get(name));
    }

    <T extends RESTRequest> T body(Class<T> type) {
        try {
            T request = Json.MAPPER.readValue(call.body(), type);
            if (request == null) {
                throw RestErrors.malformed("there is nothing in it");
            }
            request.validate();
            return request;
        } catch (JacksonException e) {
            throw RestErrors.malformed(e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NullPointerException | ClassCastException e) {
            // Iceberg's readers trust that what they need is there and of the right kind.
            throw RestErrors.malformed("something it must have is missing");
        }
    }
}
