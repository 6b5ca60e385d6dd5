using Microsoft.ML.Runtime;

namespace Microsoft.ML.Tests;

public class ContextTests
{
    [Fact]
    public void Messages_reach_the_log_with_their_source_and_kind()
    {
        var ml = new MLContext();
        var seen = new List<LoggingEventArgs>();
        ml.Log += (_, message) => seen.Add(message);
        using (var channel = ((IHostEnvironment)ml).Register("Trainer").Start("Fit"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
            channel.Warning(MessageSensitivity.None, "careful {0}");
        }
        var info = Assert.Single(seen, m => m.Kind == ChannelMessageKind.Info);
        Assert.Equal("[Source=Trainer; Fit, Kind=Info] epoch 3", info.Message);
        Assert.Equal("epoch 3", info.RawMessage);
        Assert.Equal("Trainer; Fit", info.Source);
        Assert.Equal("careful {0}", Assert.Single(seen, m => m.Kind == ChannelMessageKind.Warning).RawMessage);
        Assert.Equal("Channel started", seen[0].RawMessage);
        Assert.Equal("Channel disposed", seen[^1].RawMessage);
    }

    [Fact]
    public void Hosts_of_equal_seeds_have_equal_random_numbers()
    {
        static int[] Draw(int? seed)
        {
            IHostEnvironment env = new MLContext(seed);
            return [env.Register("A").Rand.Next(), env.Register("B").Rand.Next()];
        }
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.NotEqual(Draw(1)[0], Draw(1)[1]);
    }

    [Fact]
    public void Options_are_kept_by_name()
    {
        var ml = new MLContext();
        Assert.True(ml.TryAddOption("a", 1));
        Assert.False(ml.TryAddOption("a", 2));
        Assert.True(ml.TryGetOption<int>("a", out var value));
        Assert.Equal(1, value);
        ml.SetOption("a", 3);
        Assert.Equal(3, ml.GetOptionOrDefault<int>("a"));
        Assert.True(ml.RemoveOption("a"));
        Assert.Equal(0, ml.GetOptionOrDefault<int>("a"));
    }

    [Fact]
    public void Progress_channels_take_progress()
    {
        using var progress = ((IHostEnvironment)new MLContext()).StartProgressChannel("fit");
        progress.SetHeader(new ProgressHeader(["loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 2));
        progress.Checkpoint(0.5, 1);
        Assert.Equal(["epochs"], new ProgressHeader("epochs").UnitNames);
    }
}
