using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetDeep.Signals.Spectra;
using MLNetDeep.Signals.Tests.Support;

namespace MLNetDeep.Signals.Tests;

/// <summary>What must hold of frames and spectra whatever the numbers.</summary>
public class SpectrumTests
{
    private static readonly TransformsCatalog Transforms = TestSignals.Ml.Transforms;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(100)]
    [InlineData(1024)]
    [InlineData(8192)]
    public void The_power_is_that_of_the_sums_written_out(int length)
    {
        double[] numbers = [.. TestSignals.Noise(length, 1)];
        PowerSpectrum spectrum = new(length);
        double[] power = new double[spectrum.Bins];
        spectrum.Compute(numbers, power);
        for (int k = 0; k < power.Length; k += Math.Max(1, power.Length / 50))
        {
            Complex sum = 0;
            for (int n = 0; n < length; n++)
                sum += numbers[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)k * n % length) / length);
            double expected = sum.Magnitude * sum.Magnitude;
            Assert.Equal(expected, power[k], 1e-9 * (1 + expected));
        }
    }

    [Fact]
    public void A_transform_of_many_parts_is_the_library_s_of_the_whole()
    {
        Complex[] values = [.. TestSignals.Noise(4096, 1).Zip(TestSignals.Noise(4096, 2), (a, b) => new Complex(a, b))], expected = [.. values];
        new ComplexFft(4096).Forward(values);
        Fourier.Forward(expected, FourierOptions.AsymmetricScaling);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(0, (values[i] - expected[i]).Magnitude, 1e-9);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1000)]
    public void The_energy_of_a_frame_is_that_of_its_spectrum(int length)
    {
        // Parseval's theorem; frequencies other than 0 and the highest stand for two.
        float[] signal = TestSignals.Noise(length, 3);
        float[] power = TestSignals.Of(Transforms.Spectrogram("Out", "Signal", new() { FrameLength = length, FftLength = length, Window = SignalWindow.Rectangular, Padding = FramePadding.None }), signal);
        double energy = signal.Sum(s => (double)s * s), spectrum = (2 * power.Sum(p => (double)p) - power[0] - power[^1]) / length;
        Assert.Equal(energy, spectrum, 1e-4 * energy);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(4321)]
    public void A_sine_is_loudest_in_its_bin(double hertz)
    {
        const int Rate = 16000, Length = 1024;
        float[] power = TestSignals.Of(Transforms.Spectrogram("Out", "Signal", new() { FrameLength = Length }), TestSignals.Sine(hertz, Rate, 8000));
        int bins = Length / 2 + 1, frames = power.Length / bins;
        Assert.Equal(1 + 8000 / 256, frames);
        for (int f = 4; f < frames - 4; f++)
        {
            float[] frame = power[(f * bins)..((f + 1) * bins)];
            Assert.Equal((int)Math.Round(hertz * Length / Rate), Array.IndexOf(frame, frame.Max()));
        }
    }

    [Theory]
    [InlineData(MelScale.Slaney)]
    [InlineData(MelScale.Htk)]
    public void A_higher_sine_is_loudest_in_a_higher_mel_bin(MelScale scale)
    {
        int last = -1;
        foreach (double hertz in new[] { 200, 500, 1000, 2000, 4000, 7000 })
        {
            float[] mel = TestSignals.Of(Transforms.MelSpectrogram("Out", "Signal", 16000, new() { MelBins = 40, Frames = 3, MelScale = scale, Padding = FramePadding.None }), TestSignals.Sine(hertz, 16000, 8000));
            int bin = Array.IndexOf(mel, mel[40..80].Max()) % 40;
            Assert.True(bin > last, $"{hertz} Hz is loudest in bin {bin}, a lower one in {last}.");
            last = bin;
        }
    }

    [Fact]
    public void Frames_are_the_samples_times_the_window()
    {
        float[] signal = [1, 2, 3, 4, 5, 6, 7];
        Assert.Equal([1, 2, 3, 4, 3, 4, 5, 6], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, 2), signal));
        Assert.Equal([0, 0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 0], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, 3, padding: FramePadding.Zeros), signal));
        Assert.Equal([3, 2, 1, 2, 2, 3, 4, 5, 5, 6, 7, 6], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, 3, padding: FramePadding.Reflect), signal));
        Assert.Equal([0, 1, 3, 2], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, frames: 1, window: SignalWindow.Hann), signal));
    }

    [Fact]
    public void A_number_of_frames_cuts_and_fills_with_silence()
    {
        float[] signal = [1, 2, 3, 4, 5, 6, 7];
        Assert.Equal([1, 2, 3, 4], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, 2, frames: 1), signal));
        Assert.Equal([1, 2, 3, 4, 3, 4, 5, 6, 5, 6, 7, 0, 7, 0, 0, 0, 0, 0, 0, 0], TestSignals.Of(Transforms.FrameSignal("Out", "Signal", 4, 2, frames: 5), signal));
    }

    [Fact]
    public void Signals_of_any_length_become_frames_of_one_number()
    {
        float[][] signals = [TestSignals.Noise(50, 1), TestSignals.Noise(900, 2), TestSignals.Noise(300, 3)];
        SpectrogramOptions options = new() { FrameLength = 64, Frames = 7 };
        IDataView data = TestSignals.View(signals, variable: true);
        IDataView result = Transforms.Spectrogram("Out", "Signal", options).Fit(data).Transform(data);
        Assert.Equal([7, 33], ((VectorDataViewType)result.Schema["Out"].Type).Dimensions.AsEnumerable());
        float[][] rows = [.. result.GetColumn<float[]>("Out")];
        for (int i = 0; i < signals.Length; i++)
            Assert.Equal(TestSignals.Of(Transforms.Spectrogram("Out", "Signal", options), signals[i]), rows[i]);
        Assert.All(rows[0][(6 * 33)..], n => Assert.Equal(0, n));
        Assert.Contains(rows[0], n => n > 0);
    }

    [Fact]
    public void A_constant_has_no_slope_and_a_ramp_an_even_one()
    {
        // Louder by the same factor from frame to frame: the first coefficient, a mean of decibels, climbs evenly.
        float[] signal = [.. Enumerable.Range(0, 40 * 64).Select(i => (float)(Math.Pow(10, i / 64 / 20.0) * Math.Sin(0.5 * (i % 64))))];
        float[] mfcc = TestSignals.Of(Transforms.Mfcc("Out", "Signal", 8000, new() { FrameLength = 64, HopLength = 64, Padding = FramePadding.None, MelBins = 4, Coefficients = 2, Deltas = 2, TopDecibels = null }), signal);
        double step = Math.Sqrt(4) * 1;
        for (int f = 4; f < 36; f++)
        {
            float[] row = mfcc[(f * 6)..(f * 6 + 6)];
            Assert.Equal(step, row[2], 1e-3);
            Assert.Equal(0, row[3], 1e-3);
            Assert.Equal(0, row[4], 1e-3);
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(2048)]
    [InlineData(400)]
    public void Nothing_is_allocated_for_a_row(int fftLength)
    {
        SignalSettings settings = SignalSettings.Of(SignalKind.Mfcc, "Out", "Signal", 16000, new MfccOptions { FrameLength = 400, FftLength = fftLength, MelBins = 20, Deltas = 2 });
        SignalPlan plan = new(settings);
        SignalWorker worker = new(plan);
        float[] signal = TestSignals.Noise(4000, 1), result = new float[plan.Framing.Count(signal.Length) * plan.Bins];
        for (int i = 0; i < 3; i++)
            worker.Compute(signal, result);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
            worker.Compute(signal, result);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Many_threads_find_the_same()
    {
        float[][] signals = [.. Enumerable.Range(0, 12).Select(i => TestSignals.Noise(2000, i))];
        IDataView data = TestSignals.View(signals);
        ITransformer model = Transforms.Mfcc("Out", "Signal", 16000, new() { FrameLength = 400, FftLength = 400, MelBins = 20, Deltas = 1 }).Fit(data);
        int[][] expected = MLNetDeep.Tests.Support.Bits.Of(model.Transform(data), "Out");
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, MLNetDeep.Tests.Support.Bits.Of(model.Transform(data), "Out")));
    }
}
