namespace Platform.Courses.Access;

/// <summary>Why someone has access to a course.</summary>
public enum AccessSource
{
    Payment,

    /// <summary>The course is free, and they enrolled.</summary>
    Free,

    Gift,

    /// <summary>An admin gave access.</summary>
    Admin,
}
