namespace Platform.Courses;

/// <summary>Invariants of this service's tables, as queries that return the rows that break them.</summary>
internal static class CourseChecks
{
    // Positions are positive and unique within a course, so the highest must equal the count.
    public const string GapsInLessons = """
        select course_id, count(*) as lessons, max("order") as last
        from lessons
        group by course_id
        having count(*) <> max("order")
        order by course_id
        """;

    public const string ErasedWithAccess = """
        select user_id,
            (select count(*) from user_courses a where a.user_id = l.user_id and a.ended_at is null) as live,
            (select count(*) from user_progress p where p.user_id = l.user_id) as progress
        from learners l
        where erased and (
            exists (select from user_courses a where a.user_id = l.user_id and a.ended_at is null)
            or exists (select from user_progress p where p.user_id = l.user_id))
        order by user_id
        """;
}
