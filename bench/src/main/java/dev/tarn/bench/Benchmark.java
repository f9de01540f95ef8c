package dev.tarn.bench;

/** One comparison of Tarn with a peer, both measured in the same run. */
interface Benchmark {
    /** As it is typed. */
    String name();

    /** What is compared, in a few words. */
    String title();

    /**
     * Measures. Says what it is doing through the setup, for it takes minutes.
     *
     * @throws IllegalStateException when Tarn and its peer do not come to the same results
     */
    Outcome run(Setup setup) throws Exception;
}
