// The loop of an nd learner in two dimensions on CGAL's Delaunay triangulation: the triangle with the
// largest area on the graph is divided at its centroid, ask one and tell one. Prints points a second.
//
//     c++ -O2 -o cgal cgal.cpp -lgmp        (libcgal-dev)
//     ./cgal POINTS
#include <CGAL/Delaunay_triangulation_2.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Triangulation_data_structure_2.h>
#include <CGAL/Triangulation_face_base_with_info_2.h>
#include <CGAL/Triangulation_vertex_base_with_info_2.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
// A vertex has its value, a face the number of its latest loss.
using Vertices = CGAL::Triangulation_vertex_base_with_info_2<double, Kernel>;
using Faces = CGAL::Triangulation_face_base_with_info_2<long, Kernel>;
using Triangulation =
    CGAL::Delaunay_triangulation_2<Kernel, CGAL::Triangulation_data_structure_2<Vertices, Faces>>;
using Point = Triangulation::Point;
using Face = Triangulation::Face_handle;

struct Entry {
  double loss;
  long number;
  Face face;
  bool operator<(const Entry &other) const { return loss < other.loss; }
};

static double ring(const Point &p) {
  const double u = p.x() * p.x() + p.y() * p.y() - 0.5625;
  return p.x() + std::exp(-u * u / 0.0016);
}

int main(int count, char **arguments) {
  const long goal = count > 1 ? std::atol(arguments[1]) : 100000;
  Triangulation triangulation;
  std::priority_queue<Entry> queue;
  long number = 0;
  const auto tell = [&](const Point &p, Face hint) {
    const auto vertex = triangulation.insert(p, hint);
    vertex->info() = ring(p);
    // Insertion flips faces in place: those at the new vertex are all that changed.
    auto face = triangulation.incident_faces(vertex), end = face;
    if (face == nullptr) return;
    do {
      if (triangulation.is_infinite(face)) continue;
      const auto a = face->vertex(0), b = face->vertex(1), c = face->vertex(2);
      const double ux = b->point().x() - a->point().x(), uy = b->point().y() - a->point().y();
      const double vx = c->point().x() - a->point().x(), vy = c->point().y() - a->point().y();
      const double uz = (b->info() - a->info()) / 3, vz = (c->info() - a->info()) / 3;
      const double x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
      face->info() = ++number;
      queue.push({std::sqrt(x * x + y * y + z * z) / 2, number, face});
    } while (++face != end);
  };
  const std::clock_t start = std::clock();
  for (double x : {-1.0, 1.0}) {
    for (double y : {-1.0, 1.0}) tell(Point(x, y), Face());
  }
  while (static_cast<long>(triangulation.number_of_vertices()) < goal) {
    const Entry worst = queue.top();
    queue.pop();
    if (worst.face->info() != worst.number) continue;
    tell(CGAL::centroid(triangulation.triangle(worst.face)), worst.face);
  }
  const double seconds = double(std::clock() - start) / CLOCKS_PER_SEC;
  std::printf("CGAL, 2 dimensions, %ld points: %.0f points/s\n", goal, goal / seconds);
  return 0;
}
