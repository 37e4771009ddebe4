using System.Xml.Linq;
using Platform.Testing;

namespace Platform.Tests.Boundaries;

public sealed class ProjectReferencesTests
{
    [Fact]
    public void A_service_references_only_Contracts_and_ServiceDefaults()
    {
        Sources.Services.Count.ShouldBeGreaterThanOrEqualTo(4, "Found too few services: the path is wrong, so this test would prove nothing.");

        Sources.Services.SelectMany(service => Violations(service, Load("src", service), "Contracts", "ServiceDefaults")).ShouldBeEmpty();
    }

    [Fact]
    public void Ops_references_no_service() => Violations("Ops", Load("src", "Ops"), "Contracts", "ServiceDefaults").ShouldBeEmpty();

    [Fact]
    public void Shared_projects_reference_each_other_in_one_direction()
    {
        Violations("ServiceDefaults", Load("ServiceDefaults"), "Contracts", "Messaging").ShouldBeEmpty();
        Violations("Messaging", Load("src", "Messaging"), "Contracts", "Database").ShouldBeEmpty();
        Violations("Database", Load("src", "Database"), "Contracts").ShouldBeEmpty();
    }

    [Fact]
    public void Contracts_references_nothing()
    {
        var contracts = Load("src", "Contracts");

        Violations("Contracts", contracts).ShouldBeEmpty();
        Packages(contracts).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../Users/Users.csproj")]
    [InlineData("..\\Users\\Users.csproj")]
    [InlineData("../*/*.csproj")]
    public void The_rule_sees_a_reference_to_another_service(string include) =>
        Violations("Loyalty", Project("ProjectReference", include), "Contracts", "ServiceDefaults").ShouldHaveSingleItem();

    [Theory]
    [InlineData("PackageReference")]
    [InlineData("FrameworkReference")]
    public void The_rule_sees_a_package_reference(string kind) => Packages(Project(kind, "Dapper")).ShouldHaveSingleItem();

    private static IEnumerable<string> Violations(string project, XDocument file, params string[] allowed) =>
        from reference in file.Descendants("ProjectReference")
        let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where !allowed.Contains(target)
        select $"{project} -> {target}";

    private static IEnumerable<string> Packages(XDocument file) =>
        from name in (string[])["PackageReference", "FrameworkReference", "Reference"]
        from reference in file.Descendants(name)
        select reference.Attribute("Include")!.Value;

    private static XDocument Load(params string[] folder) => XDocument.Load(Repository.PathOf([.. folder, $"{folder[^1]}.csproj"]));

    private static XDocument Project(string kind, string include) =>
        new(new XElement("Project", new XElement("ItemGroup", new XElement(kind, new XAttribute("Include", include)))));
}
