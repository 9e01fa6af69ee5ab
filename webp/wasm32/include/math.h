/* What libwebp asks of the mathematical library; Rust's compiler_builtins has it. */
#ifndef DECKLE_MATH_H
#define DECKLE_MATH_H

double ceil(double);
double exp(double);
double fabs(double);
double floor(double);
double log(double);
double log10(double);
double log2(double);
double pow(double, double);
double round(double);
double sqrt(double);
float expf(float);
float logf(float);
float sqrtf(float);

#endif
