/** The HTTP server: who may ask, how much and how slowly, and which protocol answers where. */
@NullMarked
package dev.tarn.server;

import org.jspecify.annotations.NullMarked;
