! Transmission of an electron through a double barrier, against its energy: the same as
! ../python/barrier.py, as a library in Fortran.
!
! Two rectangular barriers around a well, for the effective mass of GaAs. Transfer matrices of
! piecewise constant potentials (Tsu and Esaki, Appl. Phys. Lett. 22, 562 (1973)).
module barrier
  use iso_c_binding
  implicit none
  private

  ! The fields of adaptive_mpi_batch in adaptive_mpi.h, in their order.
  type, bind(C) :: adaptive_mpi_batch
    integer(c_int64_t) :: struct_bytes, count, dimension, value_count
    type(c_ptr) :: points, values, statuses, errors
    integer(c_int64_t) :: error_bytes, parameter_count
    type(c_ptr) :: parameter_names, parameter_values, state, seeds
  end type

  integer(c_int32_t), bind(C, name="adaptive_mpi_interface_version") :: version = 1

  ! hbar^2 / (2 m) in eV nm^2, for m = 0.067 electron masses.
  real(c_double), parameter :: kinetic = 0.0380998212_c_double / 0.067_c_double

  public :: evaluate, version

contains

  ! Parameters come in the campaign's order: height, well, width.
  subroutine evaluate(batch) bind(C, name="adaptive_mpi_function")
    type(adaptive_mpi_batch), intent(in) :: batch
    real(c_double), pointer :: x(:, :), y(:, :), parameters(:)
    integer(c_int32_t), pointer :: statuses(:)
    integer(c_int64_t) :: i

    call c_f_pointer(batch%points, x, [batch%dimension, batch%count])
    call c_f_pointer(batch%values, y, [batch%value_count, batch%count])
    call c_f_pointer(batch%statuses, statuses, [batch%count])
    call c_f_pointer(batch%parameter_values, parameters, [batch%parameter_count])
    do i = 1, batch%count
      if (size(parameters) /= 3) then
        call fail(batch, i, "three parameters are needed: height, well, width")
        statuses(i) = 1
      else
        y(1, i) = transmission(x(1, i), parameters(1), parameters(3), parameters(2))
      end if
    end do
  end subroutine

  ! Energy and height in eV, lengths in nm.
  pure function transmission(energy, height, width, well) result(share)
    real(c_double), intent(in) :: energy, height, width, well
    real(c_double) :: share, potentials(5), lengths(5)
    complex(c_double_complex) :: waves(5), forward, backward, ratio, phase, previous
    complex(c_double_complex), parameter :: i = (0, 1)
    integer :: region

    potentials = [0.0_c_double, height, 0.0_c_double, height, 0.0_c_double]
    lengths = [0.0_c_double, width, well, width, 0.0_c_double]
    waves = sqrt(cmplx((energy - potentials) / kinetic, 0, c_double_complex))
    ! Amplitudes of the waves to the right and to the left, from the last region to the first.
    forward = 1
    backward = 0
    do region = 4, 1, -1
      ratio = waves(region + 1) / waves(region)
      previous = forward
      forward = ((1 + ratio) * previous + (1 - ratio) * backward) / 2
      backward = ((1 - ratio) * previous + (1 + ratio) * backward) / 2
      phase = exp(-i * waves(region) * lengths(region))
      forward = forward * phase
      backward = backward / phase
    end do
    share = 1 / abs(forward)**2
  end function

  ! Says what is wrong with a point.
  subroutine fail(batch, point, text)
    type(adaptive_mpi_batch), intent(in) :: batch
    integer(c_int64_t), intent(in) :: point
    character(*), intent(in) :: text
    character(kind=c_char), pointer :: errors(:, :)
    integer :: k

    call c_f_pointer(batch%errors, errors, [batch%error_bytes, batch%count])
    do k = 1, min(len(text), int(batch%error_bytes) - 1)
      errors(k, point) = text(k:k)
    end do
    errors(k, point) = c_null_char
  end subroutine
end module
