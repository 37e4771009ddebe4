namespace Platform.AppHost;

internal static class PlatformProject
{
    /// <summary>
    /// A project of this solution, started from what the build has put beside the app host: <c>dotnet run</c>, which Aspire would use, is
    /// a second process for each and half a minute of the start.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddPlatformProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        // artifacts/bin/AppHost/release/, artifacts/bin/Users/release/Users.dll
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var project = Path.GetFileNameWithoutExtension(new TProject().ProjectPath);
        var folder = Path.GetFullPath(Path.Combine(here.FullName, "..", "..", project, here.Name));
        var program = project == "Ops" ? "platform.dll" : $"{project}.dll";
        return builder.AddProject<TProject>(name, launchProfileName: null)
            .WithAnnotation(new ExecutableAnnotation { Command = "dotnet", WorkingDirectory = folder })
            .WithArgs(Path.Combine(folder, program))
            // Otherwise they come from a launch profile, and without one everything would be in production.
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }
}
