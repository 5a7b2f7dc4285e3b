! The Bessel function J0(x) = 1/pi int_0^pi cos(x sin t) dt, its integral shared by the ranks of a
! team. The trapezoidal rule converges exponentially here (Trefethen and Weideman, SIAM Rev. 56, 385
! (2014)).
module bessel
  use iso_c_binding
  use mpi
  implicit none
  private

  ! The fields of adaptive_mpi_batch in adaptive_mpi.h, in their order.
  type, bind(C) :: adaptive_mpi_batch
    integer(c_int64_t) :: struct_bytes, count, dimension, value_count
    type(c_ptr) :: points, values, statuses, errors
    integer(c_int64_t) :: error_bytes, parameter_count
    type(c_ptr) :: parameter_names, parameter_values, state, seeds
    integer(c_int64_t) :: team_rank, team_size, team_communicator
  end type

  integer(c_int32_t), bind(C, name="adaptive_mpi_interface_version") :: version = 1

  integer, parameter :: strips = 2000

  public :: evaluate, version

contains

  subroutine evaluate(batch) bind(C, name="adaptive_mpi_function")
    type(adaptive_mpi_batch), intent(in) :: batch
    real(c_double), pointer :: x(:, :), y(:, :)
    integer(c_int64_t) :: i
    integer :: team

    ! With mpi_f08: type(MPI_Comm) :: team; team%MPI_VAL = int(batch%team_communicator)
    team = int(batch%team_communicator)
    call c_f_pointer(batch%points, x, [batch%dimension, batch%count])
    call c_f_pointer(batch%values, y, [batch%value_count, batch%count])
    do i = 1, batch%count
      y(1, i) = j0(x(1, i), team)
    end do
  end subroutine

  function j0(x, team) result(value)
    real(c_double), intent(in) :: x
    integer, intent(in) :: team
    real(c_double) :: value, own
    real(c_double), parameter :: pi = acos(-1.0_c_double)
    integer :: k, rank, ranks, error

    call MPI_Comm_rank(team, rank, error)
    call MPI_Comm_size(team, ranks, error)
    own = 0
    do k = rank, strips - 1, ranks
      own = own + cos(x * sin(pi * (k + 0.5_c_double) / strips))
    end do
    call MPI_Allreduce(own / strips, value, 1, MPI_DOUBLE_PRECISION, MPI_SUM, team, error)
  end function
end module
