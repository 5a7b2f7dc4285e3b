/* CQUAD of the GNU Scientific Library on members of the battery: reads lines "family alpha lambda
   lambda lambda lambda tolerance", writes evaluations, integral and estimated error of each.

     cc -O2 -o cquad cquad.c -lgsl -lgslcblas -lm

   What the families are stands in battery.py. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>

struct member {
  int family;
  double alpha;
  double lambda[4];
  long count;
};

static double value(double x, void *context) {
  struct member *m = context;
  const double d = x - m->lambda[0];
  double sum = 0;
  m->count++;
  switch (m->family) {
    case 1:
      return pow(fabs(d), m->alpha);
    case 2:
      return d > 0 ? exp(m->alpha * x) : 0;
    case 3:
      return exp(-m->alpha * fabs(d));
    case 4:
      return m->alpha / (d * d + m->alpha);
    case 5:
      for (int i = 0; i < 4; i++) {
        sum += m->alpha / ((x - m->lambda[i]) * (x - m->lambda[i]) + m->alpha);
      }
      return sum;
    default:
      return 2 * m->alpha * d * cos(m->alpha * d * d);
  }
}

int main(void) {
  struct member m;
  double tolerance;
  gsl_integration_cquad_workspace *space = gsl_integration_cquad_workspace_alloc(1000);
  gsl_set_error_handler_off();
  while (scanf("%d %lf %lf %lf %lf %lf %lf", &m.family, &m.alpha, &m.lambda[0], &m.lambda[1],
               &m.lambda[2], &m.lambda[3], &tolerance) == 7) {
    const double lower = m.family == 4 || m.family == 5 ? 1 : 0;
    double integral = NAN;
    double error = NAN;
    gsl_function f = {value, &m};
    m.count = 0;
    gsl_integration_cquad(&f, lower, lower + 1, 0, tolerance, space, &integral, &error, NULL);
    printf("%ld %.17g %.17g\n", m.count, integral, error);
  }
  gsl_integration_cquad_workspace_free(space);
  return 0;
}
