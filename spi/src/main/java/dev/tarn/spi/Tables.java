package dev.tarn.spi;

/**
 * A table format: turns files into states of tables. Who needs less of it asks for one of the ports
 * it is made of.
 */
public interface Tables extends TableReads, TableChanges, TableRewrites, TableLines {}
