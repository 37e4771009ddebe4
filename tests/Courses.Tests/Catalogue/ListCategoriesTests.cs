using System.Text.Json.Nodes;

namespace Platform.Courses.Tests.Catalogue;

public sealed class ListCategoriesTests(SharedCoursesApp app)
{
    [Fact]
    public async Task The_seven_initial_categories_are_listed_in_order()
    {
        var items = JsonNode.Parse((await CoursesApp.Get(app.Visitor(), "/api/courses/categories")).Body)!["items"]!.AsArray();

        items.Select(item => (string)item!["slug"]!).ShouldBe(["manicure", "pedicure", "eyelashes", "podology", "eyebrows", "marketing", "business"]);
        items.Select(item => (string)item!["titleRu"]!)
            .ShouldBe(["Маникюр", "Педикюр", "Ресницы", "Подология", "Брови", "Реклама/маркетинг", "Своё дело"]);
        items.ShouldAllBe(item => !string.IsNullOrEmpty((string)item!["titleEn"]!));
    }
}
