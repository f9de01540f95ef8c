/** Runs containers by a command line of this machine or in a Kubernetes cluster. */
@NullMarked
package dev.tarn.containers;

import org.jspecify.annotations.NullMarked;
