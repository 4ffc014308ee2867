using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Tests.Headless.Options;

public sealed class ArgumentTextTests
{
    private static readonly byte[] Words = [.. "p\xff\0exec\0"u8, .. "caf"u8, 0xE9, 0, .. "b\0"u8];

    [Fact]
    public void An_argument_that_is_not_UTF_8_is_found_with_its_bytes() =>
        Assert.Equal(
            @"caf\xE9",
            ArgumentText.FirstReplaced(["exec", "caf\uFFFD", "b"], () => Words)
        );

    [Fact]
    public void The_replacement_character_itself_is_text() =>
        Assert.Null(ArgumentText.FirstReplaced(["\uFFFD"], () => [.. "x\0\uFFFD\0"u8]));

    [Fact]
    public void Other_arguments_cost_nothing() =>
        Assert.Null(
            ArgumentText.FirstReplaced(["café"], () => throw new InvalidOperationException())
        );
}
