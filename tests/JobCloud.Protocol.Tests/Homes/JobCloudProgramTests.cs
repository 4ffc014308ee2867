using JobCloud.Protocol.Homes;

namespace JobCloud.Protocol.Tests.Homes;

public sealed class JobCloudProgramTests
{
    [Theory]
    [InlineData("/opt/jobcloud")]
    [InlineData("/opt/jobcloud/")]
    public void A_program_is_first_searched_in_the_same_directory(string folder) =>
        Assert.Equal(
            "/opt/jobcloud/jobcloud-node",
            JobCloudProgram.Node.CandidatePaths(folder).First()
        );

    [Fact]
    public void A_program_is_then_searched_in_the_sibling_directory_of_a_build() =>
        Assert.Equal(
            "/src/artifacts/bin/JobCloud.Node.Executor/debug/jobcloud-executor",
            JobCloudProgram
                .Executor.CandidatePaths("/src/artifacts/bin/JobCloud.Tui.Headless/debug")
                .Last()
        );
}
