package dev.tarn.http;

import dev.tarn.spi.Connector.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** What must be in no message. Safe for use by many threads. */
final class Secrets {
    private static final int SHORTEST = 3;

    private final Set<String> texts = new CopyOnWriteArraySet<>();

    /** The values of settings that are references in the file. */
    static Secrets of(Request request) {
        Secrets secrets = new Secrets();
        request.settings()
                .forEach((name, value) -> {
                    if (!value.equals(request.spec().settings().get(name))) {
                        secrets.add(value);
                    }
                });
        return secrets;
    }

    /** Adds one that was learnt later, such as a token. */
    void add(String secret) {
        if (secret.length() >= SHORTEST) {
            texts.add(secret);
            texts.add(Quoted.url(secret));
            texts.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Whether a text is a secret as a whole. */
    boolean has(String text) {
        return texts.contains(text);
    }

    /** A text with dots in the place of secrets. */
    String hide(String text) {
        String hidden = text;
        for (String secret : longestFirst(texts)) {
            hidden = hidden.replace(secret, "…");
        }
        return hidden;
    }

    private static List<String> longestFirst(Collection<String> texts) {
        List<String> sorted = new ArrayList<>(texts);
        sorted.sort(Comparator.comparingInt(String::length).reversed());
        return sorted;
    }

    /** How many there are, and nothing of what they are. */
    @Override
    public String toString() {
        return texts.size() + " secrets";
    }
}
