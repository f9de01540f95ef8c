package dev.tarn.run;

/** When others see what a run makes. */
public enum Publishing {
    /** All of it at the end, in one step, if nothing failed. */
    TOGETHER,

    /**
     * What a node made as soon as it is done, as dbt does. What fails later, tests too, holds
     * nothing back that is already there.
     */
    EACH
}
