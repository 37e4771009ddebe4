using System.ComponentModel.DataAnnotations;
using Platform.Contracts;
using Platform.ServiceDefaults.Web;

namespace Platform.Courses.Catalogue;

/// <summary>What an admin writes of a course.</summary>
/// <param name="Description">A few sentences, for the list.</param>
/// <param name="FullDescription">For the course's own page.</param>
/// <param name="Category">Slug of one of the categories.</param>
/// <param name="CoverImageUrl">Address of a picture.</param>
/// <param name="Price">Roubles. A course for 0, or without a price, is enrolled in at once.</param>
/// <param name="IsTop">Course of the month: such courses come first.</param>
/// <param name="DurationHours">How long it takes to go through.</param>
/// <param name="AccessDays">How long access lasts from the day it is given; for ever when left out.</param>
/// <param name="IsActive">Whether it is offered. One that is not stays with those who have it.</param>
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
