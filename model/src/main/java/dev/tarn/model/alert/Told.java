package dev.tarn.model.alert;

import java.time.Instant;

/** What a channel was told last of an alert, or will be: the message is in the outbox. */
public record Told(String alert, String channel, Notice.Event event, Instant at) {}
