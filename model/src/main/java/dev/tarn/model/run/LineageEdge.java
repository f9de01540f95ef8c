package dev.tarn.model.run;

/**
 * One step of where rows came from.
 *
 * @param from a table with its version, or a source
 * @param fromColumn empty when the edge is about whole tables
 */
public record LineageEdge(String from, String fromColumn, String to, String toColumn) {}
