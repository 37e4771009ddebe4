namespace Platform.Courses.Access;

/// <summary>Why someone has access to a course.</summary>
public enum AccessSource
{
    /// <summary>They paid for it.</summary>
    Payment,

    /// <summary>The course is free, and they enrolled.</summary>
    Free,

    /// <summary>A gift.</summary>
    Gift,

    /// <summary>An admin gave access.</summary>
    Admin,
}
