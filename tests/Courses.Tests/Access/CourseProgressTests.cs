using Platform.Courses.Access;

namespace Platform.Courses.Tests.Access;

public sealed class CourseProgressTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 3, 0)]
    [InlineData(1, 3, 33)]
    [InlineData(2, 3, 67)]
    [InlineData(1, 8, 13)]
    [InlineData(3, 8, 38)]
    [InlineData(3, 3, 100)]
    public void Progress_is_in_whole_per_cent_rounded_half_up(int completed, int total, int percent) =>
        CourseProgress.From(completed, total).ShouldBe(new CourseProgress(total, completed, percent));
}
