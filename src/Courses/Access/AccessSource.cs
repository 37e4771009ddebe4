namespace Platform.Courses.Access;

/// <summary>Why somebody has access to a course.</summary>
public enum AccessSource
{
    /// <summary>He paid for it.</summary>
    Payment,

    /// <summary>The course costs nothing, and he enrolled.</summary>
    Free,

    /// <summary>It was given to him as a gift.</summary>
    Gift,

    /// <summary>An admin gave it to him.</summary>
    Admin,
}
