using System.ComponentModel.DataAnnotations;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>The content of a course, as an admin writes it.</summary>
/// <param name="Description">A few sentences for the list.</param>
/// <param name="FullDescription">For the course's own page.</param>
/// <param name="Category">Slug of one of the categories.</param>
/// <param name="CoverImageUrl">URL of a picture.</param>
/// <param name="Price">Roubles. A course with price 0 or no price is free to enrol in.</param>
/// <param name="IsTop">Course of the month: such courses come first.</param>
/// <param name="DurationHours">How many hours it takes.</param>
/// <param name="AccessDays">Days of access from the moment it is given; unlimited when left out.</param>
/// <param name="IsActive">Whether it is offered. A withdrawn course stays open to those who have access.</param>
public sealed record CourseContent(
    [Required, StringLength(255), PlainText] string Title,
    [Required, StringLength(2_000)] string Description,
    [Required, StringLength(100)] string Category,
    [StringLength(20_000), NotBlank] string? FullDescription = null,
    [StringLength(2_000), WebAddress] string? CoverImageUrl = null,
    [Range(typeof(Money), "0", "1000000")] Money? Price = null,
    bool IsTop = false,
    [Range(1, 10_000)] int? DurationHours = null,
    [Range(1, 3_650)] int? AccessDays = null,
    bool IsActive = true)
{
    internal static readonly CourseContent Example = new(
        "Маникюр с нуля", "Комбинированный маникюр и покрытие за четыре недели.", "manicure",
        CoverImageUrl: "https://media.example.com/covers/manicure.jpg", Price: new Money(4900), IsTop: true, DurationHours: 24, AccessDays: 180);
}
