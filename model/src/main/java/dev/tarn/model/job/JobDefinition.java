package dev.tarn.model.job;

/**
 * What a job was at some time: the file that says it, word by word.
 *
 * @param fingerprint of job, file and text
 */
public record JobDefinition(String fingerprint, JobName job, String file, String text) {}
